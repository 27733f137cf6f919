-- Frames are looked for by the time at which they were taken. The default is for replicas of the build before, which do not write it.
alter table sampled_frames add column captured_at timestamptz not null default now();
update sampled_frames set captured_at = coalesce((info ->> 'capturedAt')::timestamptz, sampled_at);
create index sampled_frames_by_capture on sampled_frames (deployment, captured_at) where expired_at is null;
