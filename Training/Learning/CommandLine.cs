using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace RetrainLoop.Training.Learning;

/// <summary>A command line that cannot be understood. The message says what to change.</summary>
public sealed class CommandLineException(string message) : Exception(message);

/// <summary>Reads options of the form <c>--image-size 256</c> into the properties of a record.</summary>
public static class CommandLine
{
    public static T Read<T>(IReadOnlyList<string> arguments) where T : class, new()
    {
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite).ToDictionary(property => Option(property.Name), property => property.Name);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!properties.ContainsKey(arguments[i]))
                throw new CommandLineException($"There is no option '{arguments[i]}'. Options: {string.Join(", ", properties.Keys)}.");
            if (i + 1 == arguments.Count) throw new CommandLineException($"The option {arguments[i]} needs a value.");
        }
        try
        {
            var configuration = new ConfigurationBuilder().AddCommandLine([.. arguments], properties).Build();
            var options = configuration.Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            return options;
        }
        catch (Exception error) when (error is InvalidOperationException or ValidationException)
        {
            throw new CommandLineException(error.InnerException?.Message ?? error.Message);
        }
    }

    /// <summary><c>ImageSize</c> to <c>--image-size</c>.</summary>
    static string Option(string property) =>
        "--" + string.Concat(property.Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(letter) : $"{letter}"));
}
