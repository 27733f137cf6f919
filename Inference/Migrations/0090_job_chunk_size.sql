-- A chunk is known by its number, so a job keeps the size with which it was begun. Null = not begun, or by the build before.
alter table detection_jobs add column chunk_size integer;
