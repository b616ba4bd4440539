package slipway.local.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an image's configuration says of how it runs, as the steps of a stage set it. */
final class ImageSettings {
  final Map<String, String> environment = new LinkedHashMap<>();
  final Map<String, String> labels = new LinkedHashMap<>();
  final List<String> ports = new ArrayList<>();
  final List<String> volumes = new ArrayList<>();
  List<String> entrypoint = List.of();
  List<String> command = List.of();
  String workingDirectory = "/";
  String user = "";
  String base = "";
  Optional<String> stopSignal = Optional.empty();

  /** Starts a stage from another one. */
  static ImageSettings from(ImageSettings other) {
    var copy = new ImageSettings();
    copy.environment.putAll(other.environment);
    copy.labels.putAll(other.labels);
    copy.ports.addAll(other.ports);
    copy.volumes.addAll(other.volumes);
    copy.entrypoint = other.entrypoint;
    copy.command = other.command;
    copy.workingDirectory = other.workingDirectory;
    copy.user = other.user;
    copy.base = other.base;
    copy.stopSignal = other.stopSignal;
    return copy;
  }

  /** The image configuration, the same bytes for the same image. */
  Map<String, Object> config(String os, String architecture, List<Layer> layers) {
    var config = new LinkedHashMap<String, Object>();
    config.put("User", user);
    var exposed = new LinkedHashMap<String, Object>();
    ports.forEach(port -> exposed.put(port.contains("/") ? port : port + "/tcp", Map.of()));
    if (!exposed.isEmpty()) config.put("ExposedPorts", exposed);
    config.put(
        "Env", environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    if (!entrypoint.isEmpty()) config.put("Entrypoint", entrypoint);
    if (!command.isEmpty()) config.put("Cmd", command);
    config.put("WorkingDir", workingDirectory);
    if (!labels.isEmpty()) config.put("Labels", labels);
    var mounted = new LinkedHashMap<String, Object>();
    volumes.forEach(volume -> mounted.put(volume, Map.of()));
    if (!mounted.isEmpty()) config.put("Volumes", mounted);
    stopSignal.ifPresent(signal -> config.put("StopSignal", signal));
    var image = new LinkedHashMap<String, Object>();
    image.put("architecture", architecture);
    image.put("os", os);
    image.put("created", "1970-01-01T00:00:00Z");
    image.put("config", config);
    image.put(
        "rootfs",
        ImagePush.sorted(
            "type", "layers", "diff_ids", layers.stream().map(Layer::diffId).toList()));
    return image;
  }
}
