package dev.escala.source.sqs;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Says in a sentence what is wrong with a queue, and what to do. */
final class SqsTrouble {

  private SqsTrouble() {}

  /** A short name of the trouble, for metrics. */
  static String code(SdkException failure) {
    return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
        ? answer.awsErrorDetails().errorCode()
        : failure.getClass().getSimpleName();
  }

  static String sentence(String queue, SdkException failure) {
    return sentence(
        queue,
        failure,
        "sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility and"
            + " sqs:GetQueueAttributes on the queue, and kms:Decrypt");
  }

  /** Of one who sends. */
  static String ofSending(String queue, SdkException failure) {
    return sentence(queue, failure, "sqs:SendMessage on the queue, and kms:GenerateDataKey");
  }

  private static String sentence(String queue, SdkException failure, String rights) {
    if (failure instanceof QueueDoesNotExistException) {
      return queue + " does not exist. Check the URL, its region and its account.";
    }
    if (failure instanceof AwsServiceException answer && answer.statusCode() == 403) {
      return queue
          + " may not be used. It takes "
          + rights
          + " where it is encrypted with a key of yours. SQS says: "
          + failure.getMessage();
    }
    return queue + " does not answer: " + failure.getMessage();
  }
}
