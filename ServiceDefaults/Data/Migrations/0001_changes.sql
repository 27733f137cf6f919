-- The outbox: a change is inserted by the transaction that made the fact true. Readers order by transaction id and stop before the
-- oldest transaction still in flight, so that a row which commits late is never skipped.
create table changes (
    id bigint generated always as identity primary key,
    transaction_id xid8 not null default pg_current_xact_id(),
    kind text not null,
    subject text not null,
    at timestamptz not null,
    data jsonb not null
);
create unique index changes_position on changes (transaction_id, id);
create index changes_kind_position on changes (kind, transaction_id, id);

-- This service's copy of the published API keys: one row, replaced by higher revisions only.
create table key_snapshot (
    only_row boolean primary key default true check (only_row),
    revision bigint not null,
    snapshot jsonb not null
);
