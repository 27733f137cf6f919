using System.Text.Json;

namespace RetrainLoop.Web.Pages.Models;

/// <summary>A file that was chosen; its bytes stay in the browser.</summary>
public sealed record ChosenFile(string Name, long Bytes);

/// <summary>What the upload form holds.</summary>
public sealed class UploadForm
{
    public ChosenFile? File { get; private set; }
    public ChosenFile? Checkpoint { get; private set; }
    public string Name { get; set; } = "";
    /// <summary>Null = told by the output.</summary>
    public DetectorHead? Head { get; set; }
    /// <summary>One per line, or a single line with commas between; empty = those of the metadata.</summary>
    public string ClassNames { get; set; } = "";
    public int? ImageSize { get; set; }
    /// <summary>Most images of one run; null = the service's.</summary>
    public int? MaxBatch { get; set; }
    /// <summary>How long the first image of a batch waits for others; null = the service's.</summary>
    public double? MaxDelayMs { get; set; }

    public void Choose(string kind, ChosenFile? file)
    {
        if (kind != "file")
        {
            Checkpoint = file;
            return;
        }
        File = file;
        if (Name.Length == 0 && file is not null) Name = NameOf(file.Name);
    }

    /// <summary>Why it cannot be sent yet, or null.</summary>
    public string? Missing() =>
        File is null ? "Choose the ONNX file."
        : Name.Trim().Length == 0 ? "Give the model a name."
        : ImageSize is < 32 or > 4096 ? "The image size lies between 32 and 4,096 pixels."
        : MaxBatch is < 1 or > 256 ? "A batch has between 1 and 256 images."
        : MaxDelayMs is < 0 or > 1000 or double.NaN ? "The first image of a batch waits between 0 and 1,000 ms."
        : null;

    /// <summary>The <c>spec</c> part of the upload; null when the model speaks for itself.</summary>
    public string? Spec()
    {
        var names = Names();
        var batching = MaxBatch is null && MaxDelayMs is null ? null : new ModelBatching(MaxBatch, MaxDelayMs);
        if (Head is null && names.Length == 0 && ImageSize is null && batching is null) return null;
        return JsonSerializer.Serialize(new ModelSpec(Head, names.Length == 0 ? null : names, ImageSize, batching), ContractJson.Options);
    }

    // A name may hold a comma: where there are lines, they alone divide.
    string[] Names()
    {
        var lines = Divide(ClassNames, '\n');
        return lines.Length == 1 ? Divide(lines[0], ',') : lines;
    }

    static string[] Divide(string text, char at) => text.Split(at, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A name that the registry takes, from a file's: letters, digits, dot, dash and underscore.</summary>
    public static string NameOf(string file)
    {
        var stem = file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? file[..^5] : file;
        var name = new string([.. stem.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-')]).TrimStart('.', '_', '-');
        return name.Length > 64 ? name[..64] : name;
    }
}
