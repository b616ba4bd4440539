package slipway.local.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The folder with the played {@code docker} and {@code aws}, first on a build's PATH. */
public final class Shims {
  static final String REGISTRY = "SLIPWAY_LOCAL_REGISTRY";
  static final String DOWNLOADS = "SLIPWAY_LOCAL_DOWNLOADS";
  static final String OFFLINE = "SLIPWAY_LOCAL_OFFLINE";

  /** There is no builder to create; that much needs no JVM. */
  private static final String NO_BUILDER =
      "case \"$1 $2\" in 'buildx create' | 'buildx use') echo local; exit ;; esac\n";

  private Shims() {}

  /**
   * Writes them.
   *
   * @param folder made if missing
   * @param registry {@code 127.0.0.1:port} that stands for ECR's registry
   * @param downloads files that stand for what ADD would download, by the last part of the URL
   * @param offline whether Maven in a RUN must not reach out
   * @return the folder, to be put on PATH
   */
  public static Path write(
      Path folder, String registry, Map<String, Path> downloads, boolean offline) {
    var settings = new LinkedHashMap<String, String>();
    settings.put(REGISTRY, registry);
    settings.put(
        DOWNLOADS,
        downloads.entrySet().stream()
            .map(substitute -> substitute.getKey() + "=" + substitute.getValue())
            .collect(Collectors.joining("\n")));
    settings.put(OFFLINE, Boolean.toString(offline));
    settings.put("CLASSPATH", System.getProperty("java.class.path"));
    try {
      Files.createDirectories(folder);
      script(folder.resolve("docker"), NO_BUILDER, DockerShim.class, settings);
      script(folder.resolve("aws"), "", AwsShim.class, settings);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write docker and aws into " + folder, e);
    }
  }

  private static void script(Path file, String first, Class<?> main, Map<String, String> settings)
      throws IOException {
    var exports =
        settings.entrySet().stream()
            .map(setting -> "export " + setting.getKey() + "=" + quote(setting.getValue()) + "\n")
            .collect(Collectors.joining());
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // One tier of compilation and a small heap: it lives for seconds.
    Files.writeString(
        file,
        "#!/usr/bin/env bash\n"
            + first
            + exports
            + "exec "
            + quote(java)
            + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m "
            + main.getName()
            + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
