package slipway.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Synthesizes configurations as {@code cdk synth} does. */
public final class Synthesis {
  private Synthesis() {}

  /**
   * Makes the cloud assembly of a configuration.
   *
   * @param name of the assembly's folder
   * @param project whose code is deployed
   * @throws IllegalStateException with all that was printed, if the configuration is refused
   */
  public static Path assembly(Path folder, String name, String configuration, Path project) {
    try {
      var file = Files.writeString(folder.resolve(name + ".yaml"), configuration);
      var assembly = folder.resolve(name);
      synthesize(file, assembly, project);
      return assembly;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot synthesize " + name + " in " + folder, e);
    }
  }

  /** In a JVM of its own: the CDK's node process ends with it. */
  private static void synthesize(Path configuration, Path assembly, Path project)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classpath = System.getProperty("java.class.path");
    var log = new File(assembly + ".log");
    var builder =
        new ProcessBuilder(java, "-cp", classpath, "slipway.infra.Synth", configuration.toString())
            .directory(project.resolve("local").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log);
    builder.environment().put("CDK_OUTDIR", assembly.toString());
    builder.environment().put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
    try {
      if (builder.start().waitFor() != 0)
        throw new IllegalStateException(
            "cannot synthesize %s: %s".formatted(configuration, Files.readString(log.toPath())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while synthesizing " + configuration, e);
    }
  }
}
