using System.Buffers.Text;
using System.Security.Cryptography;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>Secrets in files that only their owner may read.</summary>
static class KeptSecret
{
    /// <summary>The secret in <paramref name="file"/>; a new one of 256 random bits (base64url) when there is none.</summary>
    public static string ReadOrCreate(string file)
    {
        if (!File.Exists(file))
        {
            Write(file, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>Writes a file of mode 0600 in a folder of mode 0700; readers see the old content or the new, never a part.</summary>
    public static void Write(string file, string secret)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var half = file + ".new";
        File.Delete(half);
        using (var stream = new FileStream(half, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(secret);
        }

        File.Move(half, file, overwrite: true);
    }
}
