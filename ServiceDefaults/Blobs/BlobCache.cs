namespace RetrainLoop.ServiceDefaults.Blobs;

/// <summary>Local copies of blobs, bounded in bytes: those that were not read for longest go first. A file that is open stays readable.</summary>
sealed class BlobCache
{
    const string PartPattern = ".*.part";
    readonly string root;
    readonly long most;
    readonly TimeProvider time;
    readonly Lock gate = new();
    long bytes;

    public BlobCache(string root, long most, TimeProvider time)
    {
        (this.root, this.most, this.time) = (root, most, time);
        Directory.CreateDirectory(root);
        bytes = Files().Sum(file => file.Length);
    }

    /// <summary>A path for a file that is still being written.</summary>
    public string NewPart() => Path.Combine(root, $".{Guid.NewGuid():N}.part");

    public string? Find(string sha256)
    {
        lock (gate)
        {
            var file = new FileInfo(PathOf(sha256));
            if (!file.Exists) return null;
            file.LastWriteTimeUtc = time.GetUtcNow().UtcDateTime;
            return file.FullName;
        }
    }

    /// <summary>Takes over a finished file.</summary>
    public string Add(string sha256, string finished)
    {
        lock (gate)
        {
            Forget(sha256);
            File.Move(finished, PathOf(sha256), overwrite: true);
            var added = new FileInfo(PathOf(sha256)) { LastWriteTimeUtc = time.GetUtcNow().UtcDateTime };
            bytes += added.Length;
            if (bytes > most)
                foreach (var file in Files().Where(file => file.Name != sha256).OrderBy(file => file.LastWriteTimeUtc).TakeWhile(_ => bytes > most))
                    Forget(file.Name);
            return added.FullName;
        }
    }

    public void Remove(string sha256)
    {
        lock (gate) Forget(sha256);
    }

    void Forget(string sha256)
    {
        var file = new FileInfo(PathOf(sha256));
        if (!file.Exists) return;
        bytes -= file.Length;
        file.Delete();
    }

    List<FileInfo> Files() => [.. new DirectoryInfo(root).EnumerateFiles().Where(
        file => !System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(PartPattern, file.Name))];

    string PathOf(string sha256) => Path.Combine(root, sha256);
}
