package slipway.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The pairs of CPU and memory that Fargate takes for Linux tasks. Source: ECS developer guide,
 * "Task CPU and memory".
 */
final class FargateSize {
  /** Memory in MiB for a number of CPU units: from, to, in steps of. */
  private record Memory(int from, int to, int step) {
    boolean allows(int memory) {
      return memory >= from && memory <= to && (memory - from) % step == 0;
    }
  }

  private static final Map<Integer, Memory> BY_CPU =
      new TreeMap<>(
          Map.of(
              256, new Memory(512, 2048, 512),
              512, new Memory(1024, 4096, 1024),
              1024, new Memory(2048, 8192, 1024),
              2048, new Memory(4096, 16384, 1024),
              4096, new Memory(8192, 30720, 1024),
              8192, new Memory(16384, 61440, 4096),
              16384, new Memory(32768, 122880, 8192)));

  private FargateSize() {}

  static boolean knows(int cpu) {
    return BY_CPU.containsKey(cpu);
  }

  /** Such as {@code 256, 512, …}: the CPU units there are. */
  static String cpus() {
    return String.join(", ", BY_CPU.keySet().stream().map(String::valueOf).toList());
  }

  /** What is wanted instead of this memory, if Fargate refuses it for that CPU. */
  static Optional<String> wantedMemory(int cpu, int memory) {
    var allowed = BY_CPU.get(cpu);
    // 256 CPU units come with 512, 1024 or 2048 MiB: the one row that is no even series.
    if (allowed.allows(memory) && !(cpu == 256 && memory == 1536)) return Optional.empty();
    return Optional.of(
        cpu == 256
            ? "512, 1024 or 2048 MiB for 256 CPU units"
            : "%d to %d MiB in steps of %d for %d CPU units"
                .formatted(allowed.from(), allowed.to(), allowed.step(), cpu));
  }
}
