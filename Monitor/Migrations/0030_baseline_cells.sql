-- What a locked baseline measured, per camera and cell of time, so that later windows can be compared block by block when the series is gone.
-- The parts of a sketch are those of SketchCodec; latencies are no signal of drift.
create table baseline_cells (
    baseline uuid not null references baselines (id) on delete cascade,
    camera text not null,
    start timestamptz not null,
    counts bytea not null,
    distributions bytea not null,
    images bytea not null,
    primary key (baseline, camera, start)
);
