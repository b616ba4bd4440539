package slipway.rollout;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Simulations by their seeds. */
final class Simulations {
  /** How many run side by side: as many as the machine can, each being one thread at a time. */
  private static final int LANES = Runtime.getRuntime().availableProcessors();

  private Simulations() {}

  /** What came of many seeds: all that happened, and the first in which a law did not hold. */
  record Findings(Map<Happening, Integer> counts, Optional<Simulation.Result> violated) {
    private Findings and(Findings other) {
      var sum = new EnumMap<Happening, Integer>(Happening.class);
      sum.putAll(counts);
      other.counts().forEach((happening, count) -> sum.merge(happening, count, Integer::sum));
      return new Findings(sum, violated.or(other::violated));
    }
  }

  /** Runs a seed. */
  static Simulation.Result run(long seed, Broken broken) {
    return silently(() -> Simulation.run(seed, broken));
  }

  /** Runs all seeds from zero on. */
  static Findings all(int seeds) {
    return silently(
        () -> {
          try (var lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            var findings = new ArrayList<Future<Findings>>();
            for (int lane = 0; lane < LANES; lane++) {
              long first = lane;
              findings.add(
                  lanes.submit(
                      () ->
                          LongStream.iterate(first, seed -> seed < seeds, seed -> seed + LANES)
                              .mapToObj(seed -> findings(Simulation.run(seed, Broken.NOTHING)))
                              .reduce(new Findings(Map.of(), Optional.empty()), Findings::and)));
            }
            return findings.stream()
                .map(Simulations::get)
                .reduce(new Findings(Map.of(), Optional.empty()), Findings::and);
          }
        });
  }

  /** The first seed in which breaking a rule does harm. */
  static Optional<Simulation.Result> harm(Broken broken, int seeds) {
    return silently(
        () ->
            LongStream.range(0, seeds)
                .mapToObj(seed -> Simulation.run(seed, broken))
                .filter(result -> result.violation().isPresent())
                .findFirst());
  }

  private static Findings findings(Simulation.Result result) {
    return new Findings(
        result.counts(), Optional.of(result).filter(it -> it.violation().isPresent()));
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a simulation came to no end", e);
    }
  }

  /** Without the log of the deployer, which would tell of every look in every seed. */
  private static <T> T silently(Supplier<T> what) {
    var out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      return what.get();
    } finally {
      System.setOut(out);
    }
  }
}
