-- Both holdouts are scored on an occasion, with progress; a run by hand or after annotations is an occasion too.
alter table holdout_checks add column locked jsonb;
alter table holdout_checks add column locked_evaluation uuid;
alter table holdout_checks add column done integer not null default 0;
alter table holdout_checks add column total integer not null default 0;
alter table holdout_checks add column diagnose boolean not null default false;
create index holdout_checks_deployment on holdout_checks (deployment, created_at desc);
