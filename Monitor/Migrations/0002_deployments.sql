-- Inference owns deployments; this is the copy that Web brings.
create table deployments (
    name text primary key,
    revision bigint not null,
    info jsonb not null
);
