package slipway.local.cloud;

import java.util.List;
import java.util.Map;

/** Where a played service puts the events that AWS would emit. */
@FunctionalInterface
public interface Events {

  /**
   * @param source such as {@code aws.ecr}
   * @param detailType such as {@code ECR Image Action}
   * @param resources ARNs
   * @param detail a JSON tree
   */
  void put(String source, String detailType, List<String> resources, Map<String, Object> detail);
}
