// The same pathway as in ticks.rs for XState 5: one snapshot per enrolled patient; a day's tick loads it
// from JSON, steps, and stores it as JSON. Prints the CPU microseconds of one patient's tick and how many
// tasks were due. Called by ticks.rs; XState comes from npm into the build folder.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { createMachine, transition, assign } = require("xstate");

const patients = JSON.parse(readFileSync(process.argv[2], "utf8"));
const phases = [0, 1, 2, 3, 4].map((phase) => ({
  id: `p${phase}`,
  tasks: [0, 1, 2, 3, 4, 5, 6, 7].map((task) => ({
    id: `p${phase}t${task}`,
    offset: task * 3,
    every: task % 2 ? 7 : 0,
    when: task === 3 ? "frail" : task === 6 ? "firm" : null,
  })),
}));
const isDue = ({ offset, every }, day) => {
  const since = day - offset;
  return since >= 0 && (every ? since % every < 4 : since < 4);
};
const tick = assign(({ context }) => {
  const day = context.day + 1;
  const phase = Math.min(4, Math.floor(day / 30));
  const within = day - phase * 30;
  const due = phases[phase].tasks
    .filter((task) => (!task.when || context[task.when]) && isDue(task, within))
    .map((task) => task.id);
  return { day, due };
});
const states = Object.fromEntries(
  phases.map(({ id }, phase) => [
    id,
    {
      on: {
        DAY: [
          ...(phase < 4
            ? [{ guard: ({ context }) => context.day + 1 >= (phase + 1) * 30, target: `p${phase + 1}`, actions: "tick" }]
            : []),
          { actions: "tick" },
        ],
      },
    },
  ]),
);
const machine = createMachine(
  { id: "pathway", initial: "p0", context: ({ input }) => ({ ...input }), states },
  { actions: { tick } },
);
const stored = patients.map(({ day, frail }, id) => {
  const context = { id, frail, firm: !frail, day, due: [] };
  return JSON.stringify(machine.resolveState({ value: `p${Math.min(4, Math.floor(day / 30))}`, context }));
});
const one = (row) => {
  const [next] = transition(machine, machine.resolveState(JSON.parse(row)), { type: "DAY" });
  return [JSON.stringify(next), next.context.due.length];
};
stored.slice(0, 500).forEach(one);
const before = process.cpuUsage();
let due = 0;
for (const row of stored) due += one(row)[1];
const spent = process.cpuUsage(before);
console.log(JSON.stringify({ micros: (spent.user + spent.system) / patients.length, due }));
