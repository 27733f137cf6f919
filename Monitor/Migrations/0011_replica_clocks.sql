-- How far a replica's clock is ahead of Monitor's (behind: negative), as its newest batch told, and the seconds that this adds to a batch's times.
alter table telemetry_replicas add column clock_skew interval not null default interval '0';
alter table telemetry_batches add column shift integer not null default 0;
