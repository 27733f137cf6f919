-- Batches of accepted samples on their way through a detection job back to Labeling. A batch is made in the transaction that moves the cursor,
-- so that each sample is in exactly one; it is deleted once Labeling has the result, and stays when it was given up.
create table pre_annotations (
    id uuid primary key,
    deployment text not null,
    images jsonb not null,
    model jsonb, -- the champion when the job was asked for
    attempt int not null default 1,
    error text,
    created_at timestamptz not null,
    finished_at timestamptz
);
create index pre_annotations_open on pre_annotations (deployment, created_at) where finished_at is null;
