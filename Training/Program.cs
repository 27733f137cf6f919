using RetrainLoop.Training.Learning;

return args switch
{
    [TrainCommand.Verb, .. var rest] => TrainCommand.Run(rest),
    [EvaluateCommand.Verb, .. var rest] => EvaluateCommand.Run(rest),
    _ => 0,
};
