#include "logistic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "interrupt.hpp"

namespace health {

namespace {

constexpr int kMostSteps = 100;
constexpr double kLeastStep = 1e-9;
constexpr double kNoise = 1e-9;  // of a row, on average
// The curvature of one place serves at the next ones while a row's likelihood rises by no more than this from there,
// and the rise becomes less by such a factor each time.
constexpr double kFar = 1e-3, kEnough = 10;

double product(const double* a, const double* b, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// a += by * x, over the lanes that hold the first n.
void add_times(double* __restrict a, double by, const double* __restrict x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += Observations::kLanes)
    for (std::size_t lane = 0; lane < Observations::kLanes; ++lane) a[i + lane] += by * x[i + lane];
}

// log(1 + e^x)
double log1p_exp(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

// Solves a x = b for a symmetric positive definite a, of which the lower triangle is given and overwritten, by
// Cholesky's decomposition; b becomes x. False where rounding has left it not positive.
bool solve(double* a, double* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) a[i * n + j] = (a[i * n + j] - product(a + i * n, a + j * n, j)) / a[j * n + j];
    const double square = a[i * n + i] - product(a + i * n, a + i * n, i);
    if (!(square > 0)) return false;
    a[i * n + i] = std::sqrt(square);
    b[i] = (b[i] - product(a + i * n, b, i)) / a[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[j * n + i] * b[j];
    b[i] /= a[i * n + i];
  }
  return true;
}

// Newton's method, with the intercepts solved for beforehand: each is on its own given the slopes.
class Newton {
 public:
  Newton(const Observations& of, double penalty, int without, LogisticFit* fit, double near, Memory* memory)
      : of_(of),
        without_(without),
        fit_(*fit),
        n_(of.features),
        near_(near),
        width_(of.width()),
        square_(n_ * width_, memory),
        hessian_(n_ * n_, memory),
        factor_(n_ * n_, memory),
        gradient_(width_, memory),
        step_(n_, memory),
        slopes_(n_, memory),
        alone_(n_, memory),
        sums_(width_ * count(), memory),
        strata_(count(), memory),
        pulse_(memory) {
    if (fit->slopes.size() != n_) fit->slopes.assign(n_, 0);
    if (fit->intercepts.size() != count()) fit->intercepts.assign(count(), 0);
    fit->dropped.assign(n_, 0);
    count_rows();
    ridge_ = penalty * static_cast<double>(rows_);
  }
  void run() {
    if (rows_ == 0) return std::fill(fit_.slopes.begin(), fit_.slopes.end(), 0);
    find_alone();
    do climb();
    while (drop());
  }

 private:
  struct Stratum {
    std::size_t kept = 0, all = 0;
    double weight = 0, residual = 0;  // sums of p (1 - p) and of kept - p
    double intercept = 0, step = 0;
    bool tells() const { return kept > 0 && kept < all; }
  };
  bool in(std::size_t row) const { return of_.group[row] != without_; }
  template <class Each>
  void each_row(std::size_t stratum, Each each) {
    for (std::size_t row = of_.strata[stratum]; row < of_.strata[stratum + 1]; ++row) {
      if (!in(row)) continue;
      pulse_.beat(static_cast<std::uint32_t>(1 + n_));
      each(row, of_.row(row));
    }
  }
  std::size_t count() const { return of_.strata.size() - 1; }

  void count_rows() {
    for (std::size_t s = 0; s < count(); ++s) {
      Stratum& stratum = strata_[s];
      each_row(s, [&](std::size_t row, const double*) {
        ++stratum.all;
        stratum.kept += of_.kept[row];
      });
      if (stratum.tells()) rows_ += stratum.all;
      else fit_.intercepts[s] = 0;
    }
  }

  // The direction of each feature by itself: the slope of the likelihood where all slopes are 0. None where it is
  // rounding.
  void find_alone() {
    for (std::size_t s = 0; s < count(); ++s) {
      const Stratum& stratum = strata_[s];
      if (!stratum.tells()) continue;
      const double mean = static_cast<double>(stratum.kept) / static_cast<double>(stratum.all);
      each_row(s, [&](std::size_t row, const double* x) {
        for (std::size_t i = 0; i < n_; ++i) alone_[i] += (of_.kept[row] - mean) * x[i];
      });
    }
    for (double& alone : alone_)
      if (std::fabs(alone) < kNoise * static_cast<double>(rows_)) alone = 0;
  }

  // What is to be made small, at the slopes and intercepts of the fit, and its first derivatives. With `curvature` also
  // the second ones, which take most of the time: else those of another place serve, and its weights of the strata.
  double look(bool curvature) {
    if (curvature) {
      curved_ = true;
      std::fill(hessian_.begin(), hessian_.end(), 0);
      std::fill(sums_.begin(), sums_.end(), 0);
    }
    std::fill(gradient_.begin(), gradient_.end(), 0);
    double loss = ridge_ / 2 * product(fit_.slopes.data(), fit_.slopes.data(), n_);
    for (std::size_t s = 0; s < count(); ++s) {
      Stratum& stratum = strata_[s];
      if (!stratum.tells()) continue;
      stratum.residual = 0;
      if (curvature) stratum.weight = 0;
      double* const sum = sums_.data() + s * width_;
      std::fill(square_.begin(), square_.end(), 0);
      each_row(s, [&](std::size_t row, const double* x) {
        const double logit = fit_.intercepts[s] + product(fit_.slopes.data(), x, n_);
        const double p = 1 / (1 + std::exp(-logit)), residual = of_.kept[row] - p;
        loss += log1p_exp(logit) - of_.kept[row] * logit;
        stratum.residual += residual;
        add_times(gradient_.data(), residual, x, n_);
        if (!curvature) return;
        const double weight = std::max(p * (1 - p), 1e-12);
        stratum.weight += weight;
        add_times(sum, weight, x, n_);
        for (std::size_t i = 0; i < n_; ++i) add_times(square_.data() + i * width_, weight * x[i], x, i + 1);
      });
      if (curvature) {
        for (std::size_t i = 0; i < n_; ++i)
          for (std::size_t j = 0; j <= i; ++j)
            hessian_[i * n_ + j] += square_[i * width_ + j] - sum[i] * sum[j] / stratum.weight;
      }
      add_times(gradient_.data(), -stratum.residual / stratum.weight, sum, n_);
    }
    for (std::size_t i = 0; i < n_; ++i) gradient_[i] -= ridge_ * fit_.slopes[i];
    return loss;
  }

  // Where the parabola at this place has its top; returns by how much the likelihood rises up to there, twice.
  double find_step() {
    factor_ = hessian_;
    std::copy_n(gradient_.begin(), n_, step_.begin());
    for (std::size_t i = 0; i < n_; ++i) {
      factor_[i * n_ + i] += ridge_;
      if (fit_.dropped[i] == 0) continue;
      step_[i] = gradient_[i] = 0;
      for (std::size_t j = 0; j < n_; ++j) factor_[std::max(i, j) * n_ + std::min(i, j)] = i == j ? 1 : 0;
    }
    if (!solve(factor_.data(), step_.data(), n_)) return 0;
    double rise = product(gradient_.data(), step_.data(), n_);
    for (std::size_t s = 0; s < count(); ++s) {
      Stratum& stratum = strata_[s];
      if (!stratum.tells()) continue;
      stratum.intercept = fit_.intercepts[s];
      stratum.step = (stratum.residual - product(sums_.data() + s * width_, step_.data(), n_)) / stratum.weight;
      rise += stratum.residual * stratum.residual / stratum.weight;
    }
    slopes_ = fit_.slopes;
    return rise;
  }

  // From `slopes_` and the strata's intercepts along the step, by a share of it.
  void move(double share) {
    for (std::size_t i = 0; i < n_; ++i) fit_.slopes[i] = slopes_[i] + share * step_[i];
    for (std::size_t s = 0; s < count(); ++s)
      if (strata_[s].tells()) fit_.intercepts[s] = strata_[s].intercept + share * strata_[s].step;
  }

  void climb() {
    const auto rows = static_cast<double>(rows_);
    double loss = look(!curved_), before = std::numeric_limits<double>::infinity();
    for (int round = 0; round < kMostSteps; ++round) {
      const double rise = find_step();
      move(1);
      if (rise <= near_ * rows) return;
      const bool far = rise > kFar * rows || rise > before / kEnough;
      before = rise;
      double now = look(far);
      for (double share = 0.5; !(now <= loss); share /= 2) {
        if (share < kLeastStep) return move(0);
        move(share);
        now = look(far);
      }
      loss = now;
    }
  }

  // Whether there were slopes that do not have the sign of their features alone, which are 0 from now on.
  bool drop() {
    bool any = false;
    for (std::size_t i = 0; i < n_; ++i) {
      if (fit_.slopes[i] == 0 || fit_.slopes[i] * alone_[i] > 0) continue;
      fit_.slopes[i] = 0;
      fit_.dropped[i] = 1;
      any = true;
    }
    return any;
  }

  const Observations& of_;
  const int without_;
  LogisticFit& fit_;
  const std::size_t n_;
  const double near_;
  const std::size_t width_;                   // n_ in whole lanes, as square_, gradient_ and sums_ have it
  Vector<double> square_, hessian_, factor_;  // lower triangles
  Vector<double> gradient_, step_, slopes_, alone_;
  Vector<double> sums_;  // of each stratum, sum of p (1 - p) x
  Vector<Stratum> strata_;
  std::size_t rows_ = 0;
  bool curved_ = false;  // whether there are second derivatives
  double ridge_;
  Pulse pulse_;
};

}  // namespace

void fit_logistic(const Observations& of, double penalty, int without, LogisticFit* fit, Memory* memory, double near) {
  Newton(of, penalty, without, fit, near, memory).run();
}

double deviance_of(const Observations& of, const LogisticFit& fit, int group) {
  double sum = 0;
  for (std::size_t s = 0; s + 1 < of.strata.size(); ++s) {
    for (std::size_t row = of.strata[s]; row < of.strata[s + 1]; ++row) {
      if (of.group[row] != group) continue;
      const double logit = fit.intercepts[s] + product(fit.slopes.data(), of.row(row), of.features);
      sum += 2 * (log1p_exp(logit) - of.kept[row] * logit);
    }
  }
  return sum;
}

}  // namespace health
