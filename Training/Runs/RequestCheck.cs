using System.ComponentModel.DataAnnotations;
using RetrainLoop.Contracts;
using RetrainLoop.Training.Learning;
using RetrainLoop.Training.Nets;

namespace RetrainLoop.Training.Runs;

/// <summary>What is wrong with a request before any work is done on it.</summary>
public static class RequestCheck
{
    /// <returns>A sentence, or null when the request can be queued.</returns>
    public static string? Problem(TrainingRunRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Key)) return "A key is needed, so that a repeated request does not train twice.";
        if (string.IsNullOrWhiteSpace(request.ModelName)) return "Say under which model name the result is to be registered.";
        if (request.Dataset.Role != DatasetRole.Training) return $"{request.Dataset.Ref} is a {request.Dataset.Role} set; only training sets are trained on.";
        if (request.Dataset.Train == 0) return $"{request.Dataset.Ref} has no training images.";
        if (request.Dataset.ClassNames.Count == 0) return $"{request.Dataset.Ref} has no classes.";
        if (request.Hyperparameters.ImageSize % NetShape.Strides[^1] != 0)
            return $"imageSize must be a multiple of {NetShape.Strides[^1]}, not {request.Hyperparameters.ImageSize}.";
        var options = TrainOptions.From(request.Hyperparameters, "dataset", "out", null);
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true) ? null : problems[0].ErrorMessage;
    }
}
