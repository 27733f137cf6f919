-- How far live-holdout mAP may fall is said once, by the options of evaluations: the rule that came with the product takes it from there unless it was edited.
update alert_rules set threshold = null where id = '5b0e1f3a-0006-4c55-9a53-2f6f6f1d0a06' and threshold = 0.01;
