-- Embeddings whose pictures are gone, by age: looked for with each round of retention.
create index sampled_frames_embedding_rows on sampled_frames (sampled_at) where reason = 'embeddingOnly' and expired_at is not null;
