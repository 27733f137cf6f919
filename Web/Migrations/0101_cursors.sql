-- How far each arrow has read each service's change feed.
create table cursors (
    service text not null,
    arrow text not null,
    cursor text not null,
    updated_at timestamptz not null,
    primary key (service, arrow)
);
