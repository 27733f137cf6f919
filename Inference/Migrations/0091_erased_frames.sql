-- An erased frame's row stays for lineage, without anything that shows the picture. All frames of the same bytes are erased together.
alter table sampled_frames add column erased_at timestamptz;
create index sampled_frames_by_hash on sampled_frames (sha256);
drop index sampled_frames_by_blob;
