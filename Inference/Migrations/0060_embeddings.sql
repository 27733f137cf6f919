-- Random frames with an embedding by model and time: what Monitor compares windows by, found without unpacking the rows of others.
create index sampled_frames_by_embedding on sampled_frames (deployment, (info -> 'model' ->> 'name'), (info -> 'model' ->> 'version'), sampled_at)
    where reason in ('random', 'embeddingOnly') and jsonb_typeof(info -> 'embedding') = 'array';
