//! The whole database on one page, as the migrations make it.

#![expect(missing_docs, reason = "the columns are explained where their rows are")]

diesel::table! {
    region (id) {
        id -> Binary,
        epoch -> Binary,
        key_check -> Binary,
        recovery_confirmed -> Bool,
    }
}

diesel::table! {
    head (log) {
        log -> Binary,
        kind -> Text,
        seq -> BigInt,
        hash -> Binary,
        touched_at -> BigInt,
    }
}

diesel::table! {
    data_key (log) {
        log -> Binary,
        wrapped -> Binary,
    }
}

diesel::table! {
    entry (log, seq) {
        log -> Binary,
        seq -> BigInt,
        id -> Binary,
        kind -> Text,
        version -> Integer,
        source -> Text,
        author -> Nullable<Binary>,
        behalf -> Nullable<Binary>,
        at -> BigInt,
        client_at -> Nullable<BigInt>,
        audience -> Text,
        digest -> Binary,
        hash -> Binary,
        sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    office (id) {
        id -> Binary,
        kind -> Text,
        active -> Bool,
        seq -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    person (id) {
        id -> Binary,
        office -> Binary,
        profession -> Text,
        rank -> Text,
        state -> Text,
        sign_in -> Binary,
        seq -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    invitation (id) {
        id -> Binary,
        code -> Binary,
        office -> Binary,
        profession -> Text,
        rank -> Text,
        state -> Text,
        expires_at -> BigInt,
        seq -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    definition (hash) {
        hash -> Text,
        kind -> Text,
        code -> Text,
        version -> Text,
        state -> Text,
        body -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    patient (id) {
        id -> Binary,
        number -> BigInt,
        state -> Text,
        consent -> Text,
        owner -> Binary,
        twin -> Binary,
        insured -> Nullable<Binary>,
        seq -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    seat (patient, person) {
        patient -> Binary,
        person -> Binary,
        role -> Text,
        from_at -> BigInt,
        until_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        seq -> BigInt,
    }
}

diesel::table! {
    post (patient, seq) {
        patient -> Binary,
        seq -> BigInt,
        author -> Binary,
        current_seq -> BigInt,
        state -> Text,
        answers -> Nullable<BigInt>,
    }
}

diesel::table! {
    ack (patient, post, person) {
        patient -> Binary,
        post -> BigInt,
        person -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    ask (id) {
        id -> Binary,
        patient -> Binary,
        seq -> BigInt,
        author -> Nullable<Binary>,
        to_person -> Nullable<Binary>,
        to_profession -> Nullable<Text>,
        due_at -> Nullable<BigInt>,
        state -> Text,
        made_at -> BigInt,
    }
}

diesel::table! {
    run (id) {
        id -> Binary,
        patient -> Binary,
        pathway -> Text,
        hash -> Text,
        phase -> Text,
        state -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    task (patient, id) {
        patient -> Binary,
        id -> Binary,
        run -> Binary,
        code -> Text,
        role -> Text,
        state -> Text,
        form -> Nullable<Text>,
        from_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        late_at -> Nullable<BigInt>,
        holder -> Nullable<Binary>,
        seq -> BigInt,
    }
}

diesel::table! {
    proposal (id) {
        id -> Binary,
        patient -> Binary,
        run -> Binary,
        to_phase -> Text,
        state -> Text,
        due_at -> Nullable<BigInt>,
        seq -> BigInt,
    }
}

diesel::table! {
    plan (patient) {
        patient -> Binary,
        seq -> BigInt,
        trouble -> Bool,
        sealed -> Binary,
        due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    letter (id) {
        id -> Binary,
        patient -> Binary,
        form -> Text,
        form_hash -> Text,
        state -> Text,
        version -> Integer,
        author -> Binary,
        from_office -> Binary,
        to_office -> Nullable<Binary>,
        task -> Nullable<Binary>,
        about -> Nullable<Binary>,
        clock_at -> Nullable<BigInt>,
        signed_seq -> BigInt,
        seq -> BigInt,
        changed_at -> BigInt,
        spent -> Bool,
    }
}

diesel::table! {
    stay (id) {
        id -> Binary,
        patient -> Binary,
        hospital -> Binary,
        admitted_at -> BigInt,
        planned_at -> Nullable<BigInt>,
        discharged_at -> Nullable<BigInt>,
        seq -> BigInt,
    }
}

diesel::table! {
    looked (log, seq, line) {
        log -> Binary,
        seq -> BigInt,
        line -> Integer,
        patient -> Binary,
        person -> Binary,
        at -> BigInt,
        what -> Text,
        outcome -> Text,
    }
}

diesel::table! {
    mark (patient, person) {
        patient -> Binary,
        person -> Binary,
        reached -> BigInt,
        opened -> BigInt,
        opened_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    draft (id, person) {
        id -> Binary,
        person -> Binary,
        patient -> Binary,
        form -> Text,
        form_hash -> Text,
        task -> Nullable<Binary>,
        about -> Nullable<Binary>,
        base_seq -> BigInt,
        changed_at -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    credential (person) {
        person -> Binary,
        phc -> Text,
        lang -> Text,
        large -> Bool,
        changed_at -> BigInt,
    }
}

diesel::table! {
    session (id) {
        id -> Binary,
        mac -> Binary,
        person -> Binary,
        made_at -> BigInt,
        seen_at -> BigInt,
        idle_seconds -> BigInt,
        ends_at -> BigInt,
    }
}

diesel::table! {
    token (id) {
        id -> Binary,
        mac -> Binary,
        person -> Binary,
        scopes -> Text,
        made_at -> BigInt,
        ends_at -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    attempt (target) {
        target -> Binary,
        failures -> BigInt,
        wait_until -> BigInt,
    }
}

diesel::table! {
    library_change (id) {
        id -> Binary,
        draft -> Binary,
        hash -> Text,
        code -> Text,
        version -> Text,
        state -> Text,
        proposer -> Binary,
        proposed_at -> BigInt,
        decider -> Nullable<Binary>,
        decided_at -> Nullable<BigInt>,
        decided_seq -> Nullable<BigInt>,
        seq -> BigInt,
    }
}

diesel::table! {
    library_mark (hash) {
        hash -> Text,
        stopped -> Bool,
        suspended -> Bool,
        seq -> BigInt,
    }
}

diesel::table! {
    library_draft (id) {
        id -> Binary,
        person -> Binary,
        changed_at -> BigInt,
        sealed -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    region,
    head,
    data_key,
    entry,
    office,
    person,
    invitation,
    definition,
    patient,
    seat,
    post,
    ack,
    ask,
    run,
    task,
    proposal,
    plan,
    letter,
    stay,
    looked,
    mark,
    draft,
    credential,
    session,
    token,
    attempt,
    library_change,
    library_mark,
    library_draft
);
