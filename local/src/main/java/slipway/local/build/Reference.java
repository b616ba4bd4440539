package slipway.local.build;

/**
 * An image name with a tag or a digest.
 *
 * @param version tag, or {@code sha256:…}
 */
record Reference(String host, String repository, String version) {

  static Reference parse(String text) {
    var slash = text.indexOf('/');
    if (slash < 0 || !text.substring(0, slash).contains("."))
      throw new IllegalArgumentException(
          "image '" + text + "': want registry/repository:tag, local knows no Docker Hub");
    var rest = text.substring(slash + 1);
    var at = rest.indexOf('@') >= 0 ? rest.indexOf('@') : rest.indexOf(':');
    return at < 0
        ? new Reference(text.substring(0, slash), rest, "latest")
        : new Reference(text.substring(0, slash), rest.substring(0, at), rest.substring(at + 1));
  }

  @Override
  public String toString() {
    return host + "/" + repository + (version.startsWith("sha256:") ? "@" : ":") + version;
  }
}
