create table dataset_versions (
    id bigint generated always as identity primary key,
    name text not null,
    version int not null,
    content_hash text not null,
    role text not null check (role in ('Training', 'LockedHoldout', 'LiveHoldout', 'Recent')),
    deployment text,
    class_names text[] not null,
    images int not null,
    objects int not null,
    train int not null,
    validation int not null,
    parent bigint references dataset_versions,
    loop_run text,
    created_at timestamptz not null,
    unique (name, version),
    unique (name, content_hash)
);

-- Label sets are shared by all versions that hold them: a version that adds ten frames adds ten label sets.
create table dataset_labels (
    hash text primary key,
    labels jsonb not null,
    objects int not null
);

create table dataset_images (
    dataset bigint not null references dataset_versions,
    file_name text not null,
    sha256 text not null references images,
    split text not null check (split in ('Train', 'Validation')),
    labels text not null references dataset_labels,
    frame uuid references frames,
    deployment text,
    side text check (side in ('Training', 'Evaluation')),
    primary key (dataset, file_name),
    foreign key (deployment, sha256, side) references image_sides (deployment, sha256, side)
);
create index dataset_images_sha256 on dataset_images (sha256);

create trigger dataset_versions_immutable before update or delete on dataset_versions for each statement execute function refuse_change();
create trigger dataset_labels_immutable before update or delete on dataset_labels for each statement execute function refuse_change();
create trigger dataset_images_immutable before update or delete on dataset_images for each statement execute function refuse_change();
create trigger image_sides_immutable before update or delete on image_sides for each statement execute function refuse_change();
