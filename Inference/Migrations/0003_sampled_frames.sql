-- Frames that were kept. The bytes are in the blob store until the frame expires; the row stays, for lineage.
create table sampled_frames (
    id uuid primary key,
    position bigint generated always as identity unique,
    deployment text not null references deployments (name),
    camera text not null,
    reason text not null,
    sha256 text not null,
    length bigint not null,
    sampled_at timestamptz not null,
    expired_at timestamptz,
    info jsonb not null
);
create index sampled_frames_by_deployment on sampled_frames (deployment, position);
create index sampled_frames_by_camera on sampled_frames (deployment, camera, sampled_at) where reason <> 'random';
create index sampled_frames_kept on sampled_frames (position) include (length, sampled_at, sha256) where expired_at is null;
create index sampled_frames_by_blob on sampled_frames (sha256) where expired_at is null;
