using System.Net;
using System.Net.Sockets;

namespace RetrainLoop.Tests.Loop.Stack;

static class FreePorts
{
    /// <summary>A base port whose whole block is free now: twelve resources, then replicas from base + 20. Blocks lie below the range that the system hands out by itself.</summary>
    public static int FindBase()
    {
        for (var candidate = 18080; candidate < 30000; candidate += 40)
            if (Enumerable.Range(candidate, 24).All(IsFree)) return candidate;
        throw new InvalidOperationException("No block of 24 free ports was found between 18080 and 30000.");
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
