create table deployments (
    name text primary key,
    class_names text[] not null check (cardinality(class_names) > 0),
    zone text not null,
    slot_seconds double precision check (slot_seconds > 0),
    evaluation_share double precision check (evaluation_share between 0 and 1),
    updated_at timestamptz not null
);

-- One row per distinct picture that this service holds or held. Bytes are gone once expired_at or erased_at is set;
-- an erased picture stays as a tombstone and is never taken in again.
create table images (
    sha256 text primary key check (length(sha256) = 64),
    length bigint not null,
    width int not null check (width > 0),
    height int not null check (height > 0),
    difference_hash bit(256) not null,
    extension text not null,
    added_at timestamptz not null,
    expired_at timestamptz,
    erased_at timestamptz
);

create index images_by_age on images (added_at) where expired_at is null and erased_at is null;

-- Which side a picture is on for good, from the moment a dataset of the deployment holds it. Dataset rows refer to
-- (deployment, sha256, side), so that no picture can ever be trained on and evaluated on.
create table image_sides (
    deployment text not null,
    sha256 text not null references images,
    side text not null check (side in ('Training', 'Evaluation')),
    primary key (deployment, sha256),
    unique (deployment, sha256, side)
);
create index image_sides_evaluation on image_sides (deployment) where side = 'Evaluation';

create table frames (
    id uuid primary key,
    deployment text not null references deployments,
    frame_id text not null,
    region text not null,
    camera text not null,
    captured_at timestamptz not null,
    reason text not null,
    side text not null check (side in ('Training', 'Evaluation')),
    split text not null check (split in ('Train', 'Validation')),
    sampled_by_name text not null,
    sampled_by_version int not null,
    sha256 text not null references images,
    received_at timestamptz not null,
    constraint evaluation_is_random check (side = 'Training' or reason = 'Random')
);
create index frames_camera on frames (deployment, camera, captured_at);
create index frames_sha256 on frames (sha256);

create table frame_refusals (
    id uuid primary key,
    deployment text not null,
    reason text not null,
    at timestamptz not null
);
