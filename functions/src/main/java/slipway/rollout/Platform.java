package slipway.rollout;

import java.util.Locale;

/** What an image is made for, in the words of image manifests: {@code linux/arm64}. */
record Platform(String os, String architecture) {

  /**
   * What a task definition asks for.
   *
   * @param family {@code operatingSystemFamily}; empty: LINUX
   * @param cpu {@code cpuArchitecture}: {@code X86_64} or {@code ARM64}; empty: X86_64
   */
  static Platform ofTask(String family, String cpu) {
    return new Platform(
        family.startsWith("WINDOWS") ? "windows" : "linux",
        switch (cpu) {
          case "ARM64" -> "arm64";
          case "X86_64", "" -> "amd64";
          default -> cpu.toLowerCase(Locale.ROOT);
        });
  }

  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
