-- What a locked baseline keeps of embeddings (EmbeddingReference), and the distances that a report compared (cells): gzipped JSON.
-- Null in a baseline: not read from Inference yet. Null in a report: there was nothing to compare, its explanation says why.
alter table baselines add column embeddings bytea;
alter table drift_reports add column embeddings bytea;
