using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace RetrainLoop.Inference.Predict;

/// <summary>
/// Memory in which the server receives. Its own blocks of 4 KB take one system call and one wake-up each, twenty for a frame; these take a frame
/// in two or three. Blocks are pinned, shared by all connections, and kept up to a bound.
/// </summary>
sealed class BodyMemory : IMemoryPoolFactory<byte>
{
    readonly Pool pool = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => pool;

    sealed class Pool : MemoryPool<byte>
    {
        const int BlockBytes = 64 * 1024, MostKept = 512;
        readonly ConcurrentQueue<byte[]> free = new();

        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
            return new Block(this, free.TryDequeue(out var block) ? block : GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true));
        }

        // The pool lives as long as the process: a server that lets go of it shares it with others.
        protected override void Dispose(bool disposing) { }

        void Return(byte[] block)
        {
            if (free.Count < MostKept) free.Enqueue(block);
        }

        sealed class Block(Pool pool, byte[] bytes) : IMemoryOwner<byte>
        {
            byte[]? bytes = bytes;

            public Memory<byte> Memory => bytes;

            public void Dispose()
            {
                if (Interlocked.Exchange(ref bytes, null) is { } block) pool.Return(block);
            }
        }
    }
}
