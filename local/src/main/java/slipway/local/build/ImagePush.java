package slipway.local.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.json.Json;
import slipway.local.build.RegistryClient.Manifest;

/** Puts a built image into a registry, in the shape that buildx gives it. */
final class ImagePush {
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  private final RegistryClient registry;
  private final Reference reference;

  ImagePush(RegistryClient registry, Reference reference) {
    this.registry = registry;
    this.reference = reference;
  }

  /** Pushes it; the digest of what the tag names then. */
  String push(ImageBuild.Built image, BuildOptions options) throws IOException {
    var config = Json.write(image.settings().config("linux", image.architecture(), image.layers()));
    blob(config);
    var layers = new ArrayList<Map<String, Object>>();
    for (var layer : image.layers()) {
      registry.push(reference.repository(), layer.digest(), layer.file());
      layers.add(
          descriptor(
              "application/vnd.oci.image.layer.v1.tar+gzip",
              layer.digest(),
              Files.size(layer.file())));
    }
    var annotations = new LinkedHashMap<String, String>();
    annotations.put("org.opencontainers.image.base.name", image.settings().base);
    annotations.putAll(options.annotations("manifest"));
    var manifest = manifest(descriptor(CONFIG, config), layers, annotations);
    if (!options.provenance()) {
      registry.put(reference.repository(), reference.version(), new Manifest(manifest, MANIFEST));
      return digest(manifest);
    }
    put(manifest, MANIFEST);
    var attestation = attestation(digest(manifest));
    put(attestation, MANIFEST);
    var own = descriptor(MANIFEST, manifest);
    own.put("platform", sorted("architecture", image.architecture(), "os", "linux"));
    if (!options.annotations("manifest-descriptor").isEmpty())
      own.put("annotations", options.annotations("manifest-descriptor"));
    var proof = descriptor(MANIFEST, attestation);
    proof.put(
        "annotations",
        sorted(
            "vnd.docker.reference.digest",
            digest(manifest),
            "vnd.docker.reference.type",
            "attestation-manifest"));
    proof.put("platform", sorted("architecture", "unknown", "os", "unknown"));
    var index = index(List.of(own, proof), options.annotations("index"));
    registry.put(reference.repository(), reference.version(), new Manifest(index, INDEX));
    return digest(index);
  }

  static String index(List<Map<String, Object>> manifests, Map<String, String> annotations) {
    var index = new LinkedHashMap<String, Object>();
    index.put("schemaVersion", 2);
    index.put("mediaType", INDEX);
    index.put("manifests", manifests);
    if (!annotations.isEmpty()) index.put("annotations", annotations);
    return Json.write(index);
  }

  private static String manifest(
      Map<String, Object> config,
      List<Map<String, Object>> layers,
      Map<String, String> annotations) {
    var manifest = new LinkedHashMap<String, Object>();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", MANIFEST);
    manifest.put("config", config);
    manifest.put("layers", layers);
    if (!annotations.isEmpty()) manifest.put("annotations", annotations);
    return Json.write(manifest);
  }

  /** The least that {@code --provenance=mode=min} tells: what was built, and by whom. */
  private String attestation(String subject) throws IOException {
    var statement = new LinkedHashMap<String, Object>();
    statement.put("_type", "https://in-toto.io/Statement/v0.1");
    statement.put("predicateType", "https://slsa.dev/provenance/v0.2");
    statement.put(
        "subject",
        List.of(
            sorted(
                "digest",
                Map.of("sha256", subject.substring("sha256:".length())),
                "name",
                "pkg:docker/" + reference.repository() + "@" + reference.version())));
    statement.put(
        "predicate",
        sorted("buildType", "https://mobyproject.org/buildkit@v1", "builder", Map.of("id", "")));
    var content = Json.write(statement);
    blob(content);
    var config =
        "{\"architecture\":\"unknown\",\"os\":\"unknown\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
            + digest(content)
            + "\"]}}";
    blob(config);
    var layer = descriptor("application/vnd.in-toto+json", content);
    layer.put(
        "annotations", Map.of("in-toto.io/predicate-type", "https://slsa.dev/provenance/v0.2"));
    return manifest(descriptor(CONFIG, config), List.of(layer), Map.of());
  }

  private void blob(String content) throws IOException {
    registry.push(reference.repository(), digest(content), content);
  }

  private void put(String content, String mediaType) throws IOException {
    registry.put(reference.repository(), digest(content), new Manifest(content, mediaType));
  }

  static Map<String, Object> descriptor(String mediaType, String content) {
    return descriptor(mediaType, digest(content), content.getBytes(StandardCharsets.UTF_8).length);
  }

  private static Map<String, Object> descriptor(String mediaType, String digest, long size) {
    var descriptor = new LinkedHashMap<String, Object>();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", digest);
    descriptor.put("size", size);
    return descriptor;
  }

  /**
   * In this order always: that of Map.of is another one in each JVM, and so would be the digest.
   */
  static Map<String, Object> sorted(String a, Object first, String b, Object second) {
    var map = new LinkedHashMap<String, Object>();
    map.put(a, first);
    map.put(b, second);
    return map;
  }

  static String digest(String content) {
    var digest = Layer.sha256();
    digest.update(content.getBytes(StandardCharsets.UTF_8));
    return Layer.name(digest);
  }
}
