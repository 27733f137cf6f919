using RetrainLoop.Benchmarks;

// dotnet run --project tests/Benchmarks -c Release -- [name ...]        none = list them, all = run every one
return await Catalogue.RunAsync(args);
