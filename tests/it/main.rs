//! One binary for every story that needs more than one room. A story's name is a sentence; people
//! have names; refusals are told as well as welcomes.

#[cfg(test)]
mod access_matrix;
#[cfg(test)]
mod acts_letters;
#[cfg(test)]
mod acts_plans;
#[cfg(test)]
mod acts_threads;
#[cfg(test)]
mod bad_files;
#[cfg(test)]
mod bad_luck;
#[cfg(test)]
mod browser_last_days;
#[cfg(test)]
mod browser_letters;
#[cfg(test)]
mod browser_library;
#[cfg(test)]
mod browser_pages;
#[cfg(test)]
mod browser_plan;
#[cfg(test)]
mod browser_thread;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod cel_oracle;
#[cfg(test)]
mod cel_suite;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod damaged;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod handover;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod http_api;
#[cfg(test)]
mod http_door;
#[cfg(test)]
mod http_house;
#[cfg(test)]
mod http_last_days;
#[cfg(test)]
mod http_letters;
#[cfg(test)]
mod http_library;
#[cfg(test)]
mod http_live;
#[cfg(test)]
mod http_plan;
#[cfg(test)]
mod http_proposals;
#[cfg(test)]
mod http_thread;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod library;
#[cfg(test)]
mod migrated;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod pathways;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod plan_faults;
#[cfg(test)]
mod raised;
#[cfg(test)]
mod rebuilt;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod semantics;
#[cfg(test)]
#[expect(dead_code, reason = "the first journeys will use the rest")]
mod support;
#[cfg(test)]
mod supposed;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod two_nodes;
#[cfg(test)]
mod upserts;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod worklists;
