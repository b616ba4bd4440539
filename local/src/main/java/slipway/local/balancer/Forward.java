package slipway.local.balancer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.json.Json;

/**
 * A forward action: target groups, each with its share of the requests.
 *
 * @param weights by ARN of the group, in the action's order; a group that nothing is said of has 1
 */
record Forward(Map<String, Integer> weights) {
  Forward {
    weights = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  static Forward of(Json action) {
    var weights = new LinkedHashMap<String, Integer>();
    for (var group : action.at("ForwardConfig").at("TargetGroups").items()) {
      var weight = group.at("Weight");
      weights.put(
          group.at("TargetGroupArn").text(),
          weight.missing() ? 1 : Integer.parseInt(String.valueOf(weight.value())));
    }
    if (weights.isEmpty()) weights.put(action.at("TargetGroupArn").text(), 1);
    return new Forward(weights);
  }

  /** The action that forwards so. */
  Json action() {
    var groups = new ArrayList<Map<String, Object>>();
    weights.forEach(
        (group, weight) -> groups.add(Map.of("TargetGroupArn", group, "Weight", weight)));
    return Json.of(
        Map.of("Type", "forward", "ForwardConfig", Map.of("TargetGroups", List.copyOf(groups))));
  }

  /** How much the weights are together; a draw is below that. */
  int whole() {
    return weights.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * The group that takes a request.
   *
   * @param draw from 0 to below {@link #whole}; of no matter if that is 0
   */
  String group(int draw) {
    int left = draw;
    for (var group : weights.entrySet()) {
      left -= group.getValue();
      if (left < 0) return group.getKey();
    }
    return weights.keySet().iterator().next();
  }
}
