package slipway.local.registry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import slipway.json.Json;

/**
 * A manifest or an index, as it was pushed.
 *
 * @param digest of the bytes
 * @param mediaType such as {@code application/vnd.oci.image.index.v1+json}
 * @param content the JSON text, byte for byte
 * @param pushed when it came first
 */
public record Manifest(String digest, String mediaType, String content, Instant pushed) {
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  static Manifest of(byte[] bytes, String mediaType, Instant pushed) {
    var content = new String(bytes, StandardCharsets.UTF_8);
    return new Manifest(Blobs.digest(bytes), mediaType, content, pushed);
  }

  /** Whether this only points at other manifests, one per platform. */
  public boolean isIndex() {
    return mediaType.equals(INDEX) || mediaType.equals(DOCKER_LIST);
  }

  public Json json() {
    return Json.parse(content);
  }

  /** The manifests that an index points at. */
  List<String> children() {
    return json().at("manifests").items().stream().map(child -> child.at("digest").text()).toList();
  }

  /** The blobs that a manifest points at: its configuration and its layers. */
  List<String> blobs() {
    var json = json();
    var layers = json.at("layers").items().stream().map(layer -> layer.at("digest").text());
    return java.util.stream.Stream.concat(
            json.at("config").at("digest").optionalText().stream(), layers)
        .toList();
  }

  long size() {
    return content.getBytes(StandardCharsets.UTF_8).length;
  }
}
