namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// P(D_n &lt;= x) for larger n by the asymptotic series K0 + K1/n^(1/2) + K2/n + K3/n^(3/2) in z = x sqrt(n)
/// (Pelz and Good, JRSS B 38, 1976; the sums in the form for small z).
/// </summary>
static class PelzGood
{
    public static double Cumulative(int n, double x)
    {
        var z = Math.Sqrt(n) * x;
        const double Pi2 = Math.PI * Math.PI, Pi4 = Pi2 * Pi2, Pi6 = Pi4 * Pi2;
        double z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, z8 = z4 * z4;
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, even2 = 0, even3 = 0;
        for (var k = (int)Math.Ceiling(16 * z / Math.PI); k >= 1; k--)
        {
            double odd2 = (2.0 * k - 1) * (2.0 * k - 1), odd4 = odd2 * odd2, odd6 = odd4 * odd2;
            var weight = Math.Exp(-Pi2 * odd2 / (8 * z2));
            k0 += weight;
            k1 += weight * (Pi2 / 4 * odd2 - z2);
            k2 += weight * (6 * z6 + 2 * z4 + Pi2 / 4 * (2 * z4 - 5 * z2) * odd2 + Pi4 / 16 * (1 - 2 * z2) * odd4);
            k3 += weight * (-30 * z6 - 90 * z8 + Pi2 / 4 * (135 * z4 - 96 * z6) * odd2
                + Pi4 / 16 * (212 * z4 - 60 * z2) * odd4 + Pi6 / 64 * (5 - 30 * z2) * odd6);

            double all2 = (double)k * k;
            var evenWeight = Math.Exp(-Pi2 * all2 / (2 * z2));
            even2 += evenWeight * all2;
            even3 += evenWeight * all2 * (3 * z2 - Pi2 * all2);
        }
        var root = Math.Sqrt(2 * Math.PI);
        k0 *= root / z;
        k1 *= root / (6 * z4);
        k2 = root * (k2 / (72 * z6 * z) - Pi2 * even2 / (36 * z2 * z));
        k3 = root * (k3 / (6480 * z6 * z4) + Pi2 * even3 / (216 * z6));
        return k0 + k1 / Math.Sqrt(n) + k2 / n + k3 / (n * Math.Sqrt(n));
    }
}
