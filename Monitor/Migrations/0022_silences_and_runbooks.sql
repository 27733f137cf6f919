create table silences (
    id uuid primary key,
    rule uuid references alert_rules (id),
    deployment text,
    region text,
    camera text,
    class text,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    author text not null,
    comment text not null
);
create index silences_end on silences (ends_at);

-- Edited copies; without a row the built-in page is shown.
create table runbooks (
    name text primary key,
    markdown text not null,
    edited_by text not null,
    edited_at timestamptz not null
);
