-- Rules may be narrowed to a part of the traffic, say how they compare, and resolve later than they fire.
alter table alert_rules
    add comparison text not null default 'above',
    add model_name text,
    add model_version integer,
    add region text,
    add camera text,
    add class text,
    add keep_firing_minutes integer not null default 0,
    add resolve_threshold double precision;
alter table alert_rules alter comparison drop default;

update alert_rules set metric = 'detectionsPerMinute', comparison = 'dropsBy', threshold = coalesce(threshold, 0.5) where metric = 'detectionDrop';
update alert_rules set name = 'Detections per minute dropped' where id = '5b0e1f3a-0002-4c55-9a53-2f6f6f1d0a02' and name = 'Detections dropped';

insert into alert_rules (id, name, deployment, metric, comparison, threshold, for_minutes, severity, runbook, enabled) values
    ('5b0e1f3a-0003-4c55-9a53-2f6f6f1d0a03', 'Error rate over 1 %', null, 'errorRate', 'above', 0.01, 5, 'critical', 'error-rate', true),
    ('5b0e1f3a-0004-4c55-9a53-2f6f6f1d0a04', 'Detections per request dropped', null, 'detectionsPerRequest', 'dropsBy', 0.5, 10, 'critical', 'detections-per-request', true),
    ('5b0e1f3a-0005-4c55-9a53-2f6f6f1d0a05', 'Mean confidence shifted', null, 'meanConfidence', 'shiftsBy', 2, 1, 'warning', 'confidence-shift', true),
    ('5b0e1f3a-0006-4c55-9a53-2f6f6f1d0a06', 'Live-holdout mAP dropped', null, 'holdoutMap', 'dropsBy', 0.01, 1, 'critical', 'holdout-drop', true),
    ('5b0e1f3a-0007-4c55-9a53-2f6f6f1d0a07', 'Confidence drifted', null, 'driftConfidence', 'above', null, 1, 'warning', 'drift-confidence', true),
    ('5b0e1f3a-0008-4c55-9a53-2f6f6f1d0a08', 'Box size drifted', null, 'driftBoxSize', 'above', null, 1, 'warning', 'drift-box-size', true),
    ('5b0e1f3a-0009-4c55-9a53-2f6f6f1d0a09', 'Live-holdout mAP falls for 3 weeks', null, 'holdoutTrend', 'below', 3, 1, 'warning', 'holdout-trend', true),
    ('5b0e1f3a-000a-4c55-9a53-2f6f6f1d0a0a', 'No data', null, 'noData', 'above', null, 2, 'critical', 'no-data', true),
    ('5b0e1f3a-000b-4c55-9a53-2f6f6f1d0a0b', 'A scheduled job was missed', null, 'missedSchedule', 'above', 0, 5, 'warning', 'missed-schedule', true),
    ('5b0e1f3a-000c-4c55-9a53-2f6f6f1d0a0c', 'Monitor is behind', null, 'monitorLag', 'above', 120, 2, 'critical', 'monitor-lag', true)
on conflict do nothing;
