-- The same bytes with other class names, another size or a checkpoint are another version.
alter table model_versions drop constraint model_versions_name_sha256_key;
create index model_versions_by_bytes on model_versions (name, sha256);
