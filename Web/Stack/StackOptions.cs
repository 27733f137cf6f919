using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Web.Stack;

/// <summary>Section <c>Stack</c>.</summary>
public sealed class StackOptions
{
    /// <summary>Seconds between two looks at every service's health.</summary>
    [Range(0.1, 60)] public double StatusSeconds { get; set; } = 2;
}
