package slipway.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One container of a service's task. */
public sealed interface Container {
  Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

  String name();

  /** Environment variables beside those that Slipway sets. */
  Map<String, String> environment();

  /**
   * Built from a folder of the repository on each push that touches it.
   *
   * @param folder relative to the repository's root, such as {@code app}; has a Dockerfile
   * @param repository name of its ECR repository
   * @param given whether that repository is its owner's, and not made and emptied with the stack
   * @param port that the load balancer calls, on exactly one container of a service
   * @param writable whether it writes elsewhere than in {@code /tmp}
   */
  record Built(
      String name,
      String folder,
      String repository,
      boolean given,
      Optional<Integer> port,
      boolean writable,
      Map<String, String> environment)
      implements Container {
    public Built {
      checkName(name);
      if (folder.isBlank()
          || folder.startsWith("/")
          || folder.contains("..")
          || folder.endsWith("/"))
        throw new IllegalArgumentException(
            "folder '%s': want a path inside the repository, such as app".formatted(folder));
      port.ifPresent(
          p -> {
            if (p < 1 || p > 65535)
              throw new IllegalArgumentException("port " + p + ": want 1 to 65535");
          });
      environment = Map.copyOf(environment);
    }

    /** One with a repository of its own, that writes in {@code /tmp} only. */
    public Built(
        String name,
        String folder,
        String repository,
        Optional<Integer> port,
        Map<String, String> environment) {
      this(name, folder, repository, false, port, false, environment);
    }
  }

  /**
   * Taken as it is from a registry.
   *
   * @param image with tag or digest, such as {@code
   *     public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720}
   */
  record Pulled(String name, String image, Map<String, String> environment) implements Container {
    public Pulled {
      checkName(name);
      if (!image.contains(":") || image.endsWith(":latest"))
        throw new IllegalArgumentException(
            "image '%s': want a fixed tag or digest, so that the same revision is the same software"
                .formatted(image));
      environment = Map.copyOf(environment);
    }
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches())
      throw new IllegalArgumentException(
          "container name '%s': want letters, digits, hyphens and underscores".formatted(name));
  }
}
