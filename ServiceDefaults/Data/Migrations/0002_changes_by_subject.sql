-- What was published of an erased frame is looked up by its id.
create index changes_subject on changes (kind, subject);
