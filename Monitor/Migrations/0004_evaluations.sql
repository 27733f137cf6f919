create table evaluations (
    id uuid primary key,
    key text not null unique,
    deployment text,
    purpose text not null,
    at timestamptz not null,
    evaluation jsonb not null
);
create index evaluations_deployment on evaluations (deployment, purpose, at desc);

create table validations (
    id uuid primary key,
    key text not null unique,
    deployment text not null,
    at timestamptz not null,
    report jsonb not null
);
