-- How far a replica's clock is ahead of Monitor's (behind: negative), as its newest batch told.
alter table telemetry_replicas add column clock_skew interval not null default interval '0';
