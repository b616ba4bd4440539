package slipway.local.ecs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import slipway.json.Json;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Place;
import slipway.local.registry.Ecr;
import slipway.local.registry.Manifest;

/** Pulls images from the local registry as a task's execution role, and unpacks each once. */
final class Images {
  private final Ecr registry;
  private final Authorizer authorizer;
  private final Path folder;

  Images(Ecr registry, Authorizer authorizer, Path folder) {
    this.registry = registry;
    this.authorizer = authorizer;
    this.folder = folder;
  }

  static boolean ours(String image) {
    return image.startsWith(Ecr.HOST + "/");
  }

  /** {@code registry/repository:tag} or {@code registry/repository@digest}. */
  Image pull(String image, String architecture, Optional<String> executionRole) throws CannotStart {
    var name = image.substring(Ecr.HOST.length() + 1);
    var at = name.indexOf('@');
    var split = at >= 0 ? at : name.indexOf(':');
    var repository = split < 0 ? name : name.substring(0, split);
    var reference = split < 0 ? "latest" : name.substring(split + 1);
    check(image, repository, executionRole);
    var top = registry.manifest(repository, reference).orElseThrow(() -> notFound(image));
    var manifest = top;
    if (top.isIndex()) {
      var digest =
          top.json().at("manifests").items().stream()
              .filter(child -> matches(child.at("platform"), architecture))
              .map(child -> child.at("digest").text())
              .findFirst()
              .orElseThrow(
                  () ->
                      new CannotStart(
                          "CannotPullContainerError: pull image manifest has been retried 7"
                              + " time(s): image Manifest does not contain descriptor matching"
                              + " platform 'linux/"
                              + architecture
                              + "'"));
      manifest = registry.manifest(repository, digest).orElseThrow(() -> notFound(image));
    }
    return unpack(top.digest(), manifest);
  }

  private void check(String image, String repository, Optional<String> executionRole)
      throws CannotStart {
    if (executionRole.isEmpty())
      throw new CannotStart(
          "CannotPullECRContainerError: AccessDeniedException: pulling "
              + image
              + " needs an execution role");
    var role = executionRole.get();
    var caller = new Caller("", "ECS agent", role);
    var arn = Place.arn("ecr", "repository/" + repository);
    for (var action :
        new String[] {
          "BatchCheckLayerAvailability",
          "GetDownloadUrlForLayer",
          "BatchGetImage",
          "GetAuthorizationToken"
        }) {
      var resource = action.equals("GetAuthorizationToken") ? "*" : arn;
      if (!authorizer.allows(caller, new Permission("ecr:" + action, resource))) {
        throw new CannotStart(
            "CannotPullECRContainerError: AccessDeniedException: User: %s is not authorized to perform: ecr:%s on resource: %s"
                .formatted(role, action, resource));
      }
    }
  }

  private static boolean matches(Json platform, String architecture) {
    return platform.at("architecture").optionalText().equals(Optional.of(architecture));
  }

  private static CannotStart notFound(String image) {
    return new CannotStart(
        "CannotPullContainerError: failed to resolve ref " + image + ": " + image + ": not found");
  }

  private synchronized Image unpack(String digest, Manifest manifest) {
    var json = manifest.json();
    var target = folder.resolve(manifest.digest().substring("sha256:".length()));
    try {
      var config = Json.parse(Files.readString(blob(json.at("config").at("digest").text())));
      if (!Files.exists(target)) {
        var partial = folder.resolve(target.getFileName() + ".partial");
        Files.createDirectories(partial);
        for (var layer : json.at("layers").items()) {
          Layers.unpack(blob(layer.at("digest").text()), partial);
        }
        Files.move(partial, target);
      }
      return new Image(digest, config, target);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack image " + digest + " into " + target, e);
    }
  }

  private Path blob(String digest) throws IOException {
    return registry.blob(digest).orElseThrow(() -> new IOException("no blob " + digest));
  }
}
