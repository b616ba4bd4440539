package slipway.local.ecs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays the containers of a task that cannot run without a container engine: the agents. */
public interface Sidecars {

  /** Starts the containers, ready when this returns; called once per task, before the others. */
  Running start(Group group);

  /**
   * The containers of one task that are played.
   *
   * @param task its ARN
   * @param cluster name
   * @param family of the task definition
   * @param role that the containers have at AWS
   */
  record Group(
      String task,
      String cluster,
      String family,
      Optional<String> role,
      List<Container> containers) {}

  /**
   * One of them.
   *
   * @param image as the task definition names it
   * @param environment of the image and the task definition
   * @param files the image's own layers, unpacked; empty for a pulled image
   */
  record Container(
      String name, String image, Map<String, String> environment, Optional<Path> files) {}

  /** What was started; closing it frees the ports. */
  interface Running extends AutoCloseable {

    /** Loopback port for each port that other containers reach on localhost, such as 4316. */
    Map<Integer, Integer> ports();

    @Override
    void close();
  }
}
