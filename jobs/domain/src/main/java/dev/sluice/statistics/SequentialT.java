package dev.sluice.statistics;

/**
 * The sequential t-test of the mean of a Gaussian series: a likelihood ratio in which the variance is integrated out by the
 * right Haar prior and the standardised mean by a Gaussian one of variance 1/g.
 *
 * <p>With t^2 = n (mean - mu0)^2 / s^2, nu = n - 1 and r = g / (g + n): ln G = 1/2 ln r + (nu + 1)/2 [ln(1 + t^2/nu) - ln(1
 * + r t^2/nu)]. G is an e-process for independent Gaussian values, so P(ever G &gt;= 1/alpha) &lt;= alpha under mean = mu0.
 * n may be an effective number of values. Source: T. Lai, "On confidence sequences", Annals of Statistics 4 (1976); the form
 * is that of M. Lindon, D. Ham, M. Tingley, I. Bojinov, "Anytime-valid linear models and regression adjusted causal
 * inference in randomized experiments", https://arxiv.org/abs/2210.08589.
 */
public final class SequentialT {
    private static final double G = 1;

    private SequentialT() {}

    /**
     * Returns ln G.
     *
     * @param tSquared t^2, at least 0
     * @param n the number of values, above 1
     */
    public static double logG(double tSquared, double n) {
        double nu = n - 1;
        double r = G / (G + n);
        return 0.5 * StrictMath.log(r)
                + (nu + 1) / 2 * (StrictMath.log1p(tSquared / nu) - StrictMath.log1p(r * tSquared / nu));
    }

    /**
     * Returns the logarithm of the e-value against one side: max(0, 2G - 1) where the mean is on the other side. G is half of
     * the ratios of both sides, and that of the wrong side is at most 1.
     *
     * @return -infinity for an e-value of 0
     */
    public static double oneSided(double logG) {
        return logG > -StrictMath.log(2) ? logG + StrictMath.log(2 - StrictMath.exp(-logG)) : Double.NEGATIVE_INFINITY;
    }

    /**
     * Returns how far mu0 may be from the mean, in standard errors, before G reaches 1/alpha: |t| of the confidence sequence.
     *
     * @param n the number of values, above 1
     * @return infinite while no mean can be excluded
     */
    public static double radius(double n, double alpha) {
        double nu = n - 1;
        double r = G / (G + n);
        double y = StrictMath.pow(r * alpha * alpha, 1 / (nu + 1));
        return y <= r ? Double.POSITIVE_INFINITY : Math.sqrt(nu * (1 - y) / (y - r));
    }
}
