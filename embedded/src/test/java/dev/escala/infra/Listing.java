package dev.escala.infra;

import dev.escala.moto.Moto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;

/**
 * A question to AWS for all of one kind, past Terraform and its provider.
 *
 * @param action as the service calls it; of a REST service the path
 */
record Listing(Protocol protocol, String service, String action) {
  /** How a service is asked. */
  private enum Protocol {
    JSON,
    QUERY,
    REST
  }

  /** Names a cluster also after its end, as AWS does for a while. */
  static final Listing CLUSTERS = json("ecs", "AmazonEC2ContainerServiceV20141113.ListClusters");

  /** Of each kind of thing that a system has, and that is listed with a name or a tag. */
  static List<Listing> all() {
    return List.of(
        CLUSTERS,
        json("logs", "Logs_20140328.DescribeLogGroups"),
        json("kms", "TrentService.ListAliases"),
        json("wafv2", "AWSWAF_20190729.ListWebACLs"),
        json("acm", "CertificateManager.ListCertificates"),
        query("sqs", "ListQueues&Version=2012-11-05"),
        query("sns", "ListTopics&Version=2010-03-31"),
        query("sns", "ListSubscriptions&Version=2010-03-31"),
        query("rds", "DescribeDBInstances&Version=2014-10-31"),
        query("rds", "DescribeDBSubnetGroups&Version=2014-10-31"),
        query("rds", "DescribeDBParameterGroups&Version=2014-10-31"),
        query("elasticloadbalancing", "DescribeLoadBalancers&Version=2015-12-01"),
        query("elasticloadbalancing", "DescribeTargetGroups&Version=2015-12-01"),
        query("ec2", "DescribeVpcs&Version=2016-11-15"),
        query("ec2", "DescribeSubnets&Version=2016-11-15"),
        query("ec2", "DescribeSecurityGroups&Version=2016-11-15"),
        query("ec2", "DescribeRouteTables&Version=2016-11-15"),
        query("ec2", "DescribeInternetGateways&Version=2016-11-15"),
        query("ec2", "DescribeAddresses&Version=2016-11-15"),
        query("iam", "ListRoles&Version=2010-05-08"),
        query("monitoring", "DescribeAlarms&Version=2010-08-01"),
        new Listing(Protocol.REST, "s3", "/"));
  }

  private static Listing json(String service, String target) {
    return new Listing(Protocol.JSON, service, target);
  }

  private static Listing query(String service, String action) {
    return new Listing(Protocol.QUERY, service, action);
  }

  /** Those of all whose answer mentions a name. */
  static List<Listing> mentioning(String name, Moto moto) throws IOException, InterruptedException {
    List<Listing> mentioning = new ArrayList<>();
    for (Listing listing : all()) {
      if (moto.ask(listing.service, listing.request(moto.endpoint())).contains(name)) {
        mentioning.add(listing);
      }
    }
    return mentioning;
  }

  private HttpRequest.Builder request(URI endpoint) {
    return switch (protocol) {
      case REST -> HttpRequest.newBuilder(endpoint.resolve(action));
      case QUERY ->
          HttpRequest.newBuilder(endpoint)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("Action=" + action));
      case JSON ->
          HttpRequest.newBuilder(endpoint)
              .header("Content-Type", "application/x-amz-json-1.1")
              .header("X-Amz-Target", action)
              .POST(BodyPublishers.ofString("{\"Scope\":\"REGIONAL\"}"));
    };
  }
}
