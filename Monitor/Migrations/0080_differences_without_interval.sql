-- Differences were once kept without an interval where matches were missing; deleted, they are made again from the points' own intervals. Where there is
-- none to make, the same comes back.
delete from evaluation_differences where change ->> 'low' is null;
