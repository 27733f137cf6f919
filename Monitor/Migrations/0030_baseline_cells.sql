-- What a locked baseline measured, per camera and cell of time, so that later windows can be compared block by block when the series is gone.
create table baseline_cells (
    baseline uuid not null references baselines (id) on delete cascade,
    camera text not null,
    start timestamptz not null,
    sketch bytea not null,
    primary key (baseline, camera, start)
);
